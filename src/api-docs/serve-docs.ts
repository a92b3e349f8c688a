import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type NextFunction, type Request, type Response } from 'express';
import { VERSION } from '../platform/version.js';
import { components } from './components.js';
import { describePaths, type Paths } from './domain/document.js';
import { adminOperations } from './operations/admin.operations.js';
import { circuitOperations } from './operations/circuit.operations.js';
import { alertOperations } from './operations/alert.operations.js';
import { journalOperations } from './operations/journal.operations.js';
import { clientOperations } from './operations/client.operations.js';
import { nativeOperations } from './operations/native.operations.js';
import { openaiOperations } from './operations/openai.operations.js';
import { operatorOperations } from './operations/operator.operations.js';
import { sessionOperations } from './operations/session.operations.js';

const OPERATIONS = [
  ...nativeOperations,
  ...openaiOperations,
  ...clientOperations,
  ...operatorOperations,
  ...sessionOperations,
  ...adminOperations,
  ...circuitOperations,
  ...journalOperations,
  ...alertOperations,
];

const ABOUT = `A self-healing gateway in front of the Gemini API.

- Calls to models keep the API of Gemini, native or OpenAI-compatible: change the base URL of your SDK and nothing else.
- Errors come in the dialect of the surface; every code of the node is explained at [/docs/errors](/docs/errors).
- Every answer carries \`x-request-id\`; the log has it too.`;

const TAGS: readonly [string, string][] = [
  ['Gemini API', 'The native API, as Google’s SDKs speak it.'],
  ['OpenAI-compatible API', 'As OpenAI’s SDKs speak it.'],
  ['Answers', 'The node’s own endpoint.'],
  ['Memory', 'A durable key–value store and conversations.'],
  ['Health', 'For people and orchestrators.'],
  ['Metrics', 'For people and Prometheus.'],
  ['Healing', 'For administrators.'],
  ['Simulator', 'The built-in stand-in for Gemini, and how to break it.'],
  ['Pages', 'For browsers.'],
];

/** Swagger UI is served by this node alone; it sets styles from its program, which needs the one exception. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the description of the API: `/openapi.json`, and `/docs` to read it. Call before the application starts. */
export function serveDocs(app: NestExpressApplication): void {
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    next();
  });
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'API · L104 Node',
    // Without this the page would ask a validator on the internet.
    swaggerOptions: {
      validatorUrl: null,
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
    },
  });
}

/** The whole API: the routes of the controllers, as Nest knows them, and the calls to models, which it does not see. */
function describeApi(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('L104 Node')
    .setDescription(ABOUT)
    .setVersion(VERSION)
    .addServer('/');
  for (const [name, about] of TAGS) config.addTag(name, about);
  const document = SwaggerModule.createDocument(app, config.build());
  const paths = describePaths(document.paths as unknown as Paths, OPERATIONS);
  return { ...document, paths, components };
}
