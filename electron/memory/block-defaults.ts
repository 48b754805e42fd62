/**
 * Characters a new block may hold when nothing is said. Letta's defaults (20,000 for human and persona, 100,000
 * elsewhere) were never enforced; ours is, and is small enough that a handful of full blocks fit an 8,000-token window.
 */
export const DEFAULT_BLOCK_LIMIT = 5000;

/** What a new agent's stock blocks are for, in words the model reads. Other labels have none. */
export const DEFAULT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  human: 'What you know about the person you talk with: name, circumstances, preferences, plans.',
  persona: 'Who you are: your name, character and way of speaking.',
};
