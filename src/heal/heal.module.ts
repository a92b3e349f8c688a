import { Module } from '@nestjs/common';
import { HealController } from './heal.controller.js';
import { HealService } from './heal.service.js';

/** Repairs in graded steps; the modules that own what is repaired contribute the steps. */
@Module({ controllers: [HealController], providers: [HealService], exports: [HealService] })
export class HealModule {}
