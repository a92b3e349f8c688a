import { type Alert, type AlertNotice, type Teller } from './alert.js';
import { runbookAddress } from './runbooks.js';

/** An alert under the names of the API; times in ISO. */
export function alertTold(alert: Alert, { instance, origin }: Teller): Record<string, unknown> {
  const { name, severity, state, summary, description, since, resolvedAt } = alert;
  return {
    name,
    severity,
    state,
    summary,
    description,
    labels: { alertname: name, severity, service: 'l104-node', instance },
    since: new Date(since).toISOString(),
    resolved_at: resolvedAt === undefined ? null : new Date(resolvedAt).toISOString(),
    runbook: runbookAddress(name, origin),
  };
}

/** A notice as one JSON document. */
export function noticeTold({ id, kind, alerts, at }: AlertNotice, teller: Teller): Record<string, unknown> {
  const timestamp = new Date(at).toISOString();
  const told = alerts.map((alert) => alertTold(alert, teller));
  return { id, type: `alert.${kind}`, timestamp, instance: teller.instance, alerts: told };
}

const WORDS = { firing: 'Firing', resolved: 'Resolved', test: 'Test' } as const;

/** A notice as the text of a chat; what could be markup there is escaped as Slack asks for it. */
export function noticeText({ kind, alerts }: AlertNotice, { instance, origin }: Teller): string {
  const lines = alerts.map(({ name, severity, summary }) => {
    const title = origin === '' ? `*${name}*` : `*<${runbookAddress(name, origin)}|${name}>*`;
    return `${title} (${severity}): ${escaped(summary)}`;
  });
  return [`${WORDS[kind]} on ${escaped(instance)}`, ...lines].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An alert as Alertmanager's API v2 takes it; one that is to end has its end in the past, another some minutes ahead. */
export function alertmanagerAlert(alert: Alert, teller: Teller, endsAt: number): Record<string, unknown> {
  const { labels, summary, description, runbook } = alertTold(alert, teller);
  return {
    labels,
    annotations: { summary, description, runbook_url: runbook },
    startsAt: new Date(alert.since).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    // Leads to what raised it: the page, where its address is known.
    ...(teller.origin === '' ? {} : { generatorURL: `${teller.origin.replace(/\/+$/, '')}/#alerts` }),
  };
}
