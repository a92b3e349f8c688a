import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from './platform/version.js';

/** Serves the description of the API: `/openapi.json`, and `/docs` to read it. */
export function serveDocs(app: NestExpressApplication): void {
  const config = new DocumentBuilder().setTitle('L104 Node').setVersion(VERSION).build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'openapi.json',
  });
}
