import { activity } from './en/activity.ts';
import { agents } from './en/agents.ts';
import { archive } from './en/archive.ts';
import { branches } from './en/branches.ts';
import { chat } from './en/chat.ts';
import { common } from './en/common.ts';
import { connect } from './en/connect.ts';
import { context } from './en/context.ts';
import { doctor } from './en/doctor.ts';
import { frame } from './en/frame.ts';
import { review } from './en/review.ts';
import { settings } from './en/settings.ts';
import { state } from './en/state.ts';
import { transfer } from './en/transfer.ts';
import { troubles } from './en/troubles.ts';
import { welcome } from './en/welcome.ts';

/** Every text of the app in English: one file a part of the window. Plural messages choose by `count`. */
export const en = {
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
} as const;
