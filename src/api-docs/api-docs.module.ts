import { Module } from '@nestjs/common';
import { ErrorsPageController } from './errors-page.controller.js';

/** Pages that explain the API. */
@Module({ controllers: [ErrorsPageController] })
export class ApiDocsModule {}
