/** One step of the schema. `version` becomes `user_version`; numbers go in tens so that a fix can slip between. */
export type Migration = { readonly version: number; readonly name: string; readonly sql: string };
