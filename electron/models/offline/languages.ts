type Language =
  | { readonly script: RegExp; readonly words?: never; readonly says: string }
  | { readonly script?: never; readonly words: RegExp; readonly says: string };

/** Languages by their letters, or by words that are common in them; each sentence says: only a demo, only English, nothing was kept. */
const LANGUAGES: readonly Language[] = [
  {
    script: /[\p{sc=Hiragana}\p{sc=Katakana}]/u,
    says: 'すみません、私は組み込みのデモモデルで、英語しか分かりません。何も保存していません。',
  },
  {
    script: /\p{sc=Hangul}/u,
    says: '죄송합니다. 저는 내장 데모 모델이라 영어만 이해합니다. 저장한 것은 없습니다.',
  },
  { script: /\p{sc=Han}/u, says: '抱歉，我只是内置的演示模型，只懂英语，没有保存任何内容。' },
  {
    script: /[іїєґІЇЄҐ]/u,
    says: 'Вибачте, я лише вбудована демонстраційна модель і розумію тільки англійську. Нічого не збережено.',
  },
  {
    script: /\p{sc=Cyrillic}/u,
    says: 'Извините, я всего лишь встроенная демо-модель и понимаю только английский. Ничего не сохранено.',
  },
  {
    script: /[پچژگ]/u,
    says: 'متأسفم، من فقط مدل نمایشی داخلی هستم و فقط انگلیسی می‌فهمم. چیزی ذخیره نشد.',
  },
  { script: /\p{sc=Arabic}/u, says: 'عذرًا، أنا نموذج تجريبي مدمج ولا أفهم إلا الإنجليزية. لم أحفظ شيئًا.' },
  { script: /\p{sc=Hebrew}/u, says: 'סליחה, אני רק מודל הדגמה מובנה ומבין רק אנגלית. לא שמרתי דבר.' },
  {
    script: /\p{sc=Greek}/u,
    says: 'Συγγνώμη, είμαι μόνο το ενσωματωμένο μοντέλο επίδειξης και καταλαβαίνω μόνο αγγλικά. Δεν αποθήκευσα τίποτα.',
  },
  {
    script: /\p{sc=Devanagari}/u,
    says: 'क्षमा करें, मैं केवल एक डेमो मॉडल हूँ और सिर्फ़ अंग्रेज़ी समझता हूँ। कुछ भी सहेजा नहीं गया।',
  },
  {
    script: /\p{sc=Thai}/u,
    says: 'ขออภัย ฉันเป็นเพียงโมเดลสาธิตในตัวและเข้าใจเฉพาะภาษาอังกฤษ ไม่ได้บันทึกอะไรไว้',
  },
  {
    script: /\p{sc=Georgian}/u,
    says: 'ბოდიში, მე მხოლოდ ჩაშენებული სადემონსტრაციო მოდელი ვარ და მხოლოდ ინგლისური მესმის. არაფერი შემინახავს.',
  },
  {
    script: /\p{sc=Bengali}/u,
    says: 'দুঃখিত, আমি শুধু একটি ডেমো মডেল এবং শুধু ইংরেজি বুঝি। কিছুই সংরক্ষণ করা হয়নি।',
  },
  {
    script: /\p{sc=Tamil}/u,
    says: 'மன்னிக்கவும், நான் ஒரு டெமோ மாதிரி மட்டுமே; எனக்கு ஆங்கிலம் மட்டுமே புரியும். எதுவும் சேமிக்கப்படவில்லை.',
  },
  {
    words: /(?<!\p{L})(?:xin chào|chào (?:bạn|em|anh)|tôi (?:là|tên|thích)|tên tôi|cảm ơn|bạn là)(?!\p{L})/iu,
    says: 'Xin lỗi, tôi chỉ là mô hình dùng thử có sẵn và chỉ hiểu tiếng Anh. Không có gì được lưu.',
  },
  {
    words:
      /(?<!\p{L})(?:ich|spreche|keine?|deutsch|habe|auch|sehr|heute|schön|heiße|heisse|nicht|und|mein|meine|wie geht|guten (?:tag|morgen|abend)|danke|bitte|kannst du|hallo|tschüss|wer bist|was ist|ist)(?!\p{L})/iu,
    says: 'Entschuldigung, ich bin nur das eingebaute Demo-Modell und verstehe nur Englisch. Gespeichert wurde nichts.',
  },
  {
    words:
      /(?<!\p{L})(?:bonjour|ne|pas|parle|suis|avec|dans|très|français|anglais|bonsoir|salut|je|j'aime|m'appelle|merci|s'il (?:te|vous)|comment (?:ça|vas|allez)|qui es|est-ce|quel|quelle|mon nom|oui)(?!\p{L})/iu,
    says: 'Désolé, je ne suis que le modèle de démonstration intégré et je ne comprends que l’anglais. Rien n’a été enregistré.',
  },
  {
    words:
      /[¿¡]|(?<!\p{L})(?:hola|hablo|español|inglés|tengo|estoy|quiero|muy|una|me llamo|gracias|buenos días|buenas (?:tardes|noches)|cómo|qué|soy|mi nombre|por favor|adiós|quién|vivo en|me gusta)(?!\p{L})/iu,
    says: 'Lo siento, solo soy el modelo de demostración integrado y solo entiendo inglés. No guardé nada.',
  },
  {
    words:
      /(?<!\p{L})(?:olá|falo|português|inglês|quero|estou|uma|oi tudo|tudo bem|obrigad[oa]|meu nome|me chamo|bom dia|boa (?:tarde|noite)|eu (?:sou|gosto|moro)|você|não)(?!\p{L})/iu,
    says: 'Desculpe, sou apenas o modelo de demonstração integrado e só entendo inglês. Nada foi guardado.',
  },
  {
    words:
      /(?<!\p{L})(?:come va|come ti chiami|mi chiamo|parlo|italiano|inglese|voglio|ciao|buongiorno|buonasera|grazie|come stai|sono|mi piace|chi sei|il mio nome|perché)(?!\p{L})/iu,
    says: 'Mi dispiace, sono solo il modello dimostrativo integrato e capisco solo l’inglese. Non ho salvato nulla.',
  },
  {
    words:
      /(?<!\p{L})(?:ik (?:ben|heet|hou)|mijn naam|goedemorgen|goedendag|dank je|hoe gaat het|wie ben jij)(?!\p{L})/iu,
    says: 'Sorry, ik ben alleen het ingebouwde demomodel en begrijp alleen Engels. Er is niets opgeslagen.',
  },
  {
    words:
      /(?<!\p{L})(?:cześć|dzień dobry|nazywam się|mam na imię|dziękuję|jak się masz|kim jesteś|jestem)(?!\p{L})/iu,
    says: 'Przepraszam, jestem tylko wbudowanym modelem demonstracyjnym i rozumiem tylko angielski. Nic nie zapisano.',
  },
  {
    words:
      /(?<!\p{L})(?:merhaba|benim ad[ıi]m|ad[ıi]m|teşekkürler|nas[ıi]ls[ıi]n|günayd[ıi]n|kimsin)(?!\p{L})/iu,
    says: 'Üzgünüm, ben yalnızca yerleşik demo modeliyim ve sadece İngilizce anlıyorum. Hiçbir şey kaydedilmedi.',
  },
];

/** Of so many words one must be of the language: English questions may name foreign things. */
const WORDS_PER_HIT = 4;

/**
 * A kind sentence in the language of a text that is not English: it is a demo, reads English only and kept nothing. Empty
 * for a language it has no sentence in, `null` for English and for what it can't tell.
 */
export function answerInLanguage(text: string): string | null {
  const letters = count(text, /\p{L}/gu);
  const isForeignScript = count(text, /\p{sc=Latin}/gu) * 2 < letters;
  const words = count(text, /\p{L}+/gu);
  const found = LANGUAGES.find(({ script, words: own }) =>
    script === undefined
      ? count(text, new RegExp(own.source, 'giu')) * WORDS_PER_HIT >= Math.max(words, 1)
      : isForeignScript && script.test(text),
  );
  return found?.says ?? (isForeignScript ? '' : null);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
