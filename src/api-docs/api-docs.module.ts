import { Module } from '@nestjs/common';
import { ErrorsPageController } from './errors-page.controller.js';
import { RunbooksPageController } from './runbooks-page.controller.js';

/** Pages that explain the API. */
@Module({ controllers: [ErrorsPageController, RunbooksPageController] })
export class ApiDocsModule {}
