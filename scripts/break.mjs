// `npm run break -- outage 20s`: breaks the simulator of a running node on purpose.
const [preset = '', duration = '20s'] = process.argv.slice(2);
const base = process.env.L104_URL ?? `http://127.0.0.1:${process.env.PORT ?? 8081}`;
const token = process.env.ADMIN_TOKEN;
const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };

if (preset === '' || preset === '--help') {
  say('usage: npm run break -- <outage|quota|stall|cut|slow|off> [duration, such as 20s]');
  process.exit(preset === '' ? 64 : 0);
}
const off = preset === 'off';
try {
  const response = await fetch(`${base}/self/simulator/faults`, {
    method: off ? 'DELETE' : 'PUT',
    headers,
    ...(off ? {} : { body: JSON.stringify({ preset, duration }) }),
  });
  const answer = await response.json();
  if (!response.ok) fail(answer.detail ?? `HTTP status ${response.status}`);
  say(
    off
      ? 'The simulator is whole again.'
      : `The simulator suffers "${preset}" for ${duration}. Watch ${base}/ or: curl ${base}/health`,
  );
} catch (error) {
  fail(`no node answers at ${base} (${error.cause?.code ?? error.message}); start one with npm start, or set L104_URL`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(69);
}
