import type { welcome as english } from '../en/welcome.ts';
import type { Translated } from '../entry.ts';

/** Texts of the first run and its tour. */
export const welcome = {
  'welcome.title': '{name} ist bereit. Sag etwas, das zu behalten lohnt.',
  'welcome.sub':
    'Was {name} behält, erscheint an der Seite, während es geschrieben wird: mit Datum, mit Grund und mit Rückgängig.',
  'welcome.samples': 'Vorschläge',
  // What is said stays English: the built-in model, which answers first, reads no other language.
  'welcome.sample.name': 'My name is Mara',
  'welcome.sample.name.sub': 'schreibt in den Block human',
  'welcome.sample.correct': 'Actually, call me Mar',
  'welcome.sample.correct.sub': 'berichtigt, was geschrieben wurde',
  'welcome.sample.like': 'I like long train journeys',
  'welcome.sample.like.sub': 'ergänzt den Block human',
  'welcome.sample.file': 'Remember: the lease ends in May',
  'welcome.sample.file.sub': 'legt einen Archiveintrag ab',
  'welcome.sample.know': 'What do you know about me?',
  'welcome.sample.know.sub': 'liest alles vor',
  'welcome.models': 'Modelle',
  'welcome.models.sub': 'Womit {name} hier antworten kann',
  'welcome.models.use': 'Nutzen',
  'welcome.models.used': 'Aktiv',
  'welcome.models.tokens': { one: '{count} Token', other: '{count} Token' },
  'welcome.models.offline': 'eingebaut, ohne Netz',
  'welcome.models.missing': 'nicht verbunden',
  'welcome.models.local': 'Ein Server auf diesem Computer',
  'welcome.models.local.why': 'Ollama, LM Studio oder llama.cpp',
  'welcome.models.look': 'Danach suchen',
  'welcome.models.key': 'Ein Anbieter mit Schlüssel',
  'welcome.models.key.why': 'OpenAI, Anthropic, Gemini und andere',
  'welcome.elsewhere': 'Kommst du von woanders?',
  'welcome.import': 'Sicherung oder .af-Datei importieren',
  'tour.next': 'Weiter',
  'tour.done': 'Fertig',
  'tour.skip': 'Rundgang überspringen',
  'tour.of': '{step} von {count}',
  'tour.1.title': 'Das weiß {name} über dich',
  'tour.1.text': 'Es wird geschrieben, während ihr sprecht. Auch du kannst es bearbeiten.',
  'tour.2.title': 'Jede Änderung lässt sich zurücknehmen',
  'tour.2.text':
    'Im Gespräch zeigt jede Änderung ihre Wörter, ihren Grund und Rückgängig. Der Verlauf behält alle Versionen.',
  'tour.3.title': 'So voll ist der Kopf',
  'tour.3.text': 'Der Balken zeigt, was mit jeder Nachricht zum Modell geht. Grün ist das Gedächtnis.',
  'tour.4.title': 'Das Archiv hält den Rest',
  'tour.4.text': 'Was nicht immer im Kopf sein muss, wird dort abgelegt und durch Suchen wiedergefunden.',
} as const satisfies Translated<typeof english>;
