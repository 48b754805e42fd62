import type { Database } from '../../electron/store/database.ts';
import type { BackupRows } from '../../electron/store/import.ts';
import { listWindow } from '../../electron/store/window.ts';
import { pairingFault } from '../../electron/agent/pairing-fault.ts';

/** What a strict provider would say of an agent's windows as they are stored, with nothing mended on the way. */
export async function windowFaults(
  { read }: Pick<Database, 'read'>,
  rows: Pick<BackupRows, 'conversation'>,
): Promise<(string | null)[]> {
  return Promise.all(
    rows.conversation.map(async (row) => {
      const items = await listWindow(read, String(row['id']));
      const shown = items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));
      return pairingFault(
        shown.map(({ role, tool_calls, tool_call_id }) => ({
          role,
          ...(tool_calls.length === 0
            ? {}
            : { tool_calls: tool_calls.map((call) => ({ id: call.tool_call_id })) }),
          ...(tool_call_id === null ? {} : { tool_call_id }),
        })),
      );
    }),
  );
}
