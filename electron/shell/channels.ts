/** The one channel calls cross; the method's name is its first argument. */
export const CALL_CHANNEL = 'memoir:call';
/** The one channel events cross. */
export const EVENT_CHANNEL = 'memoir:event';
