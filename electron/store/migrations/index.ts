import { initial } from './0010-initial.ts';
import { steady } from './0020-steady.ts';
import { activity } from './0030-activity.ts';
import type { Migration } from './migration.ts';

/** All steps, in order. Released steps never change. */
export const migrations: readonly Migration[] = [initial, steady, activity];
