import { languageOf } from '../coupon/texts/texts';

export interface UnsubscribeTexts {
  title: string;
  /** Before and behind the masked address. */
  asks: [string, string];
  button: string;
  done: string;
  doneSays: [string, string];
  unknown: string;
  unknownSays: string;
  away: string;
  awaySays: string;
}

const en: UnsubscribeTexts = {
  title: 'Unsubscribe',
  asks: ['No more messages to ', '?'],
  button: 'Yes, unsubscribe',
  done: 'You are unsubscribed',
  doneSays: ['We will not write to ', ' any more.'],
  unknown: 'This link does not work',
  unknownSays: 'Please open the unsubscribe link from your message again.',
  away: 'One moment, please',
  awaySays: 'That did not work just now. Please try again in a minute.',
};

const de: UnsubscribeTexts = {
  title: 'Abmelden',
  asks: ['Keine Nachrichten mehr an ', '?'],
  button: 'Ja, abmelden',
  done: 'Sie sind abgemeldet',
  doneSays: ['Wir schreiben ', ' nicht mehr an.'],
  unknown: 'Dieser Link funktioniert nicht',
  unknownSays: 'Bitte öffnen Sie den Abmeldelink aus Ihrer Nachricht noch einmal.',
  away: 'Einen Moment bitte',
  awaySays: 'Das hat gerade nicht geklappt. Bitte versuchen Sie es in einer Minute erneut.',
};

const es: UnsubscribeTexts = {
  title: 'Darse de baja',
  asks: ['¿No quiere más mensajes en ', '?'],
  button: 'Sí, darme de baja',
  done: 'Se ha dado de baja',
  doneSays: ['Ya no escribiremos a ', '.'],
  unknown: 'Este enlace no funciona',
  unknownSays: 'Abra de nuevo el enlace de baja de su mensaje.',
  away: 'Un momento, por favor',
  awaySays: 'No ha funcionado. Inténtelo de nuevo dentro de un minuto.',
};

const fr: UnsubscribeTexts = {
  title: 'Se désabonner',
  asks: ['Ne plus envoyer de messages à ', ' ?'],
  button: 'Oui, me désabonner',
  done: 'Vous êtes désabonné',
  doneSays: ['Nous n’écrirons plus à ', '.'],
  unknown: 'Ce lien ne fonctionne pas',
  unknownSays: 'Veuillez rouvrir le lien de désabonnement de votre message.',
  away: 'Un instant, s’il vous plaît',
  awaySays: 'Cela n’a pas fonctionné. Veuillez réessayer dans une minute.',
};

const nl: UnsubscribeTexts = {
  title: 'Afmelden',
  asks: ['Geen berichten meer naar ', '?'],
  button: 'Ja, afmelden',
  done: 'U bent afgemeld',
  doneSays: ['Wij schrijven ', ' niet meer aan.'],
  unknown: 'Deze link werkt niet',
  unknownSays: 'Open de afmeldlink uit uw bericht opnieuw.',
  away: 'Een ogenblik geduld',
  awaySays: 'Dat lukte nu niet. Probeer het over een minuut opnieuw.',
};

const uk: UnsubscribeTexts = {
  title: 'Відписатися',
  asks: ['Більше не надсилати повідомлень на ', '?'],
  button: 'Так, відписатися',
  done: 'Вас відписано',
  doneSays: ['Ми більше не писатимемо на ', '.'],
  unknown: 'Це посилання не працює',
  unknownSays: 'Відкрийте посилання для відписки зі свого повідомлення ще раз.',
  away: 'Хвилинку, будь ласка',
  awaySays: 'Зараз не вийшло. Спробуйте ще раз за хвилину.',
};

const languages: Record<string, UnsubscribeTexts> = { en, de, es, fr, nl, uk };

/** In the languages of the coupon's page. */
export function unsubscribeTexts(...wishes: (string | undefined)[]): {
  lang: string;
  texts: UnsubscribeTexts;
} {
  const { lang } = languageOf(...wishes);
  return { lang, texts: languages[lang] ?? en };
}
