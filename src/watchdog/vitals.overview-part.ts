import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { levelOf } from './domain/vital-figure.js';
import { type OverviewPart, overviewParts } from './overview-part.js';
import { vitals } from './vital.js';

/** The vitals that can be told as numbers, each with its limit and a word. */
@overviewParts.contribute()
@Injectable()
export class VitalsOverview implements OverviewPart {
  readonly name = 'vitals';

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  read(): unknown {
    return vitals.collect(this.discovery).flatMap((vital) => {
      const troubled = vital.read() !== undefined;
      return (vital.figures?.() ?? []).map((figure) => ({
        name: figure.name,
        value: figure.value,
        unit: figure.unit,
        limit: figure.limit,
        stays: figure.stays,
        level: levelOf(figure, troubled),
        at: new Date(figure.at).toISOString(),
      }));
    });
  }
}
