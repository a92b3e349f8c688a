import { getConfigToken } from '@nestjs/config';

/** What the documentation and the validation of one environment variable share. */
export interface SettingFacts {
  /** Name of the environment variable. */
  readonly variable: string;
  /** Other accepted names, tried in order after `variable`. */
  readonly aliases?: readonly string[];
  /** What it decides and why the default is what it is; one or two sentences. */
  readonly about: string;
  /** A valid value to show in error messages and documentation. */
  readonly example: string;
  /** Secrets are masked wherever settings are printed, and may come from a file named by `…_FILE`. */
  readonly secret?: boolean;
  /** Accepted and validated, but without effect in this version; said at start when it is set. */
  readonly reserved?: boolean;
}

/** One validated environment variable. */
export interface Setting<T> extends SettingFacts {
  /** Kind and range in words, for documentation: `duration, 1s to 1h`. */
  readonly kind: string;
  /** The default as it would be written in an env file; undefined when there is none. */
  readonly fallback: string | undefined;
  /** Value of the variable, or of its default. Throws SettingProblem on a bad one. */
  read(raw: string | undefined): T;
}

/** A value that a setting does not take; `message` says what is wrong with it. */
export class SettingProblem extends Error {}

export type SettingShape = Record<string, Setting<unknown>>;

/** The values of a group, keyed by property. */
export type ValuesOf<S extends SettingShape> = { readonly [K in keyof S]: ReturnType<S[K]['read']> };

/** The settings one module owns: declared once, used for validation, injection and documentation. */
export interface SettingsGroup<S extends SettingShape = SettingShape> {
  readonly name: string;
  readonly title: string;
  readonly settings: S;
  /** Injection token of the validated values. */
  readonly KEY: string;
}

/** The injected type of a group: `@Inject(group.KEY) settings: SettingsOf<typeof group>`. */
export type SettingsOf<G extends SettingsGroup> = ValuesOf<G['settings']>;

/** Declares the settings of one module. */
export function defineSettings<S extends SettingShape>(name: string, title: string, settings: S): SettingsGroup<S> {
  return { name, title, settings, KEY: getConfigToken(name) };
}
