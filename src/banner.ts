import { type Configuration } from './configuration.js';
import { VERSION } from './platform/version.js';

/** The lines a person at a terminal sees when the node serves. */
export function bannerLines(configuration: Configuration, url: string, adminAccess: string): readonly string[] {
  const { upstream, files, gemini } = configuration;
  const local = url.replace('127.0.0.1', 'localhost');
  const answers = upstream === 'simulator' ? 'the built-in simulator (set GEMINI_API_KEY for Gemini)' : gemini.baseUrl;
  return [
    '',
    `  L104 Node ${VERSION}`,
    `  serving    ${local}`,
    `  upstream   ${answers}`,
    `  settings   ${files.length === 0 ? 'environment only' : files.join(', ')}`,
    `  admin      ${adminAccess}`,
    `  try        curl ${local}/v1beta/models/${gemini.defaultModel}:generateContent -H 'content-type: application/json' \\`,
    `               -d '{"contents":[{"parts":[{"text":"Hello"}]}]}'`,
    '',
  ];
}
