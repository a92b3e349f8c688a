import { DiscoveryService } from '@nestjs/core';

/** What every contribution to an extension point has. */
export interface Contribution {
  /** Unique among the contributions to one extension point. */
  readonly name: string;
}

type ClassOf<C> = new (...args: never[]) => C;

/** An open list: a decorator that marks contributed classes, and a reader of the list. */
export interface ExtensionPoint<C extends Contribution> {
  /** Class decorator; refuses at compile time a class that lacks the contract. */
  readonly contribute: () => (target: ClassOf<C>) => void;
  /** All contributions that are providers of a loaded module, sorted by name. Throws on two of one name. */
  readonly collect: (discovery: DiscoveryService) => readonly C[];
}

/** Makes an extension point. Contribute classes, not factories: only classes carry the mark. */
export function extensionPoint<C extends Contribution>(title: string): ExtensionPoint<C> {
  const mark = DiscoveryService.createDecorator<string>();
  return {
    contribute: () => (target) => {
      mark(title)(target);
    },
    collect: (discovery) => {
      const found = discovery
        .getProviders({ metadataKey: mark.KEY })
        .map(({ instance }) => instance as C)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const twice = found.find((one, index) => found[index + 1]?.name === one.name);
      if (twice !== undefined) throw new Error(`two contributions to "${title}" are called ${twice.name}`);
      return found;
    },
  };
}
