import type { Migration } from './migration.ts';

/** Lets what happened be read in the order it happened, across all agents. Indexes alone; no row changes. */
export const activity: Migration = {
  version: 30,
  name: 'activity',
  sql: `
create index step_moment on step(created_at);
create index step_failed on step(created_at) where error is not null;
create index run_moment on run(started_at) where message_id is not null;
create index run_failed on run(started_at) where state = 'failed';
create index block_version_moment on block_version(created_at);
create index passage_version_moment on passage_version(created_at);
create index summary_moment on summary(created_at);
create index approval_moment on approval(created_at);
create index proposal_moment on proposal(created_at);
`,
};
