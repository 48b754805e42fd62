import type { agents as english } from '../en/agents.ts';
import type { Translated } from '../entry.ts';

/** Texts of the left column: agents and conversations. */
export const agents = {
  'agents.column': 'Agenten und Gespräche',
  'agents.title': 'Agenten',
  'agents.new': 'Neuer Agent',
  'agents.newName': 'Agent {count}',
  'agents.search': 'Agenten suchen',
  'agents.noMatch': 'Kein Agent heißt so',
  'agents.rename': 'Umbenennen und einstellen',
  'agents.delete': 'Löschen',
  'agents.deleted': '{name} liegt jetzt im Papierkorb',
  'agents.export': 'Exportieren',
  'agents.offline': 'Offline-Modell',
  'agents.providerMissing': '{model} nicht verbunden',
  'agents.starter.title': 'Beginne mit einem Agenten',
  'agents.starter.why':
    'Ein Agent hat sein eigenes Gedächtnis. Was er weiß, kannst du lesen, ändern und mitnehmen.',
  'agents.starter.assistant': 'Persönlicher Assistent',
  'agents.starter.assistant.sub': 'merkt sich dich und deine Pläne',
  'agents.starter.assistant.persona':
    'Ich bin ein persönlicher Assistent. Ich behalte, was dem Menschen wichtig ist, mit dem ich spreche, sage, was ich geändert habe und warum, und frage nach, bevor ich etwas annehme.',
  'agents.starter.assistant.name': 'Assistent',
  'agents.starter.researcher': 'Rechercheur',
  'agents.starter.researcher.sub': 'legt Funde mit ihren Quellen ab',
  'agents.starter.researcher.persona':
    'Ich recherchiere. Ich lege Funde mit Quelle und Datum im Archiv ab und behalte die offenen Fragen im Kopf.',
  'agents.starter.researcher.project': 'projekt',
  'agents.starter.researcher.name': 'Rechercheur',
  'agents.starter.blank': 'Leer',
  'agents.starter.blank.sub': 'zwei leere Blöcke, der Rest liegt bei dir',
  'agents.starter.blank.name': 'Agent',
  'agents.starter.import': 'Sicherung oder .af-Datei importieren',
  'agents.starter.elsewhere': 'Kommst du von woanders?',
  'conversations.title': 'Gespräche',
  'conversations.new': 'Neues Gespräch',
  'conversations.newHint': 'Neues Gespräch, Strg N',
  'conversations.untitled': 'Neues Gespräch',
  'conversations.rename': 'Umbenennen',
  'conversations.renameField': 'Name des Gesprächs',
  'conversations.delete': 'Löschen',
  'conversations.today': 'Heute',
  'conversations.week': 'Diese Woche',
  'conversations.earlier': 'Früher',
  'conversations.none': 'Noch kein Gespräch',
} as const satisfies Translated<typeof english>;
