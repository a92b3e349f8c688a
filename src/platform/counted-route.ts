import { SetMetadata } from '@nestjs/common';

/** Key of the metadata that names a counted route. */
export const COUNTED_ROUTE = 'l104:counted-route';

/** Marks a controller whose requests count as requests of the API, in metrics and against limits, under a name from a closed list. */
export const CountedRoute = (route: 'answer' | 'memory'): ClassDecorator => SetMetadata(COUNTED_ROUTE, route);
