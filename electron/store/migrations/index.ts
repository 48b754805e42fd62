import { initial } from './0010-initial.ts';

/** One step of the schema. `version` becomes `user_version`; numbers go in tens so that a fix can slip between. */
export type Migration = { readonly version: number; readonly name: string; readonly sql: string };

/** All steps, in order. Released steps never change. */
export const migrations: readonly Migration[] = [initial];
