import { Module } from '@nestjs/common';
import { SimulatorController } from './simulator.controller.js';
import { Simulator } from './simulator.service.js';

/** The built-in simulator of Gemini: the upstream while no key is configured. */
@Module({ controllers: [SimulatorController], providers: [Simulator], exports: [Simulator] })
export class SimulatorModule {}
