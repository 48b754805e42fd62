/** Texts of the frame: its columns and the way around it. */
export const frame = {
  'frame.hideLeft': 'Hide agents and conversations',
  'frame.hideLeftHint': 'Hide agents and conversations, Ctrl B',
  'frame.width.left': 'Width of agents and conversations',
  'frame.width.right': 'Width of state',
  'frame.pixels': { one: '{count} pixel', other: '{count} pixels' },
  'frame.skip.composer': 'Skip to the message box',
  'frame.skip.page': 'Skip to the page',
  'frame.nothingToUndo': 'There is no memory change to take back.',
  'address.noAgent': 'The agent of this address is not here; it may be in the trash. This is the start.',
  'address.noConversation': 'This conversation is not here; it may be in the trash. This is the start.',
  'address.noEntry': 'The entry of this address is not here; it may be in the trash.',
} as const;
