import { activity } from './de/activity.ts';
import { agents } from './de/agents.ts';
import { archive } from './de/archive.ts';
import { branches } from './de/branches.ts';
import { chat } from './de/chat.ts';
import { common } from './de/common.ts';
import { connect } from './de/connect.ts';
import { context } from './de/context.ts';
import { doctor } from './de/doctor.ts';
import { frame } from './de/frame.ts';
import { review } from './de/review.ts';
import { settings } from './de/settings.ts';
import { state } from './de/state.ts';
import { transfer } from './de/transfer.ts';
import { troubles } from './de/troubles.ts';
import { welcome } from './de/welcome.ts';
import type { en } from './en.ts';
import type { Translated } from './entry.ts';

/** Every text of the app in German: one file a part of the window, with the names the English part has. */
export const de = {
  ...common,
  ...frame,
  ...agents,
  ...chat,
  ...branches,
  ...state,
  ...welcome,
  ...connect,
  ...context,
  ...archive,
  ...activity,
  ...settings,
  ...review,
  ...transfer,
  ...troubles,
  ...doctor,
} as const satisfies Translated<typeof en>;
