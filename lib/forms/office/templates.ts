import { blankField, type Definition, type Field, type FieldKind, type FormKind, NEW_PUPIL } from '../form.ts'

/** Forms that an office makes in one click and then adapts. */
type Template = { name: string; explains: string; definition: Definition }

type Given = Partial<Omit<Field, 'id' | 'kind' | 'label'>>

const ask = (id: string, kind: FieldKind, label: string, given: Given = {}): Field => ({
  ...blankField(id, kind),
  label,
  ...given,
})

const choices = (...labels: [value: string, label: string][]) =>
  labels.map(([value, label]) => ({ value, label }))

const pupil = (given: Given = {}): Field =>
  ask('alunno', 'pupil', 'Per quale figlio?', { role: 'pupil', ...given })

const privacy = ask(
  'privacy',
  'declaration',
  'Ho letto l’informativa privacy del Comune e del gestore della mensa',
)

const truth = (id: string): Field =>
  ask(id, 'declaration', 'Dichiaro che quello che ho scritto è vero', {
    hint: 'Chi dichiara il falso ne risponde davanti alla legge (articolo 76 del DPR 445/2000).',
  })

const contacts = {
  id: 'contatti',
  title: 'I tuoi contatti',
  intro: 'Controlla che siano giusti: l’ufficio li usa solo per questa domanda.',
  when: null,
  fields: [
    ask('email', 'short', 'E-mail', { known: 'email' }),
    ask('telefono', 'short', 'Telefono', { known: 'phone', required: false }),
    ask('indirizzo', 'short', 'Indirizzo', { known: 'address', required: false }),
  ],
}

const ofNew = { when: { field: 'alunno', is: NEW_PUPIL } }

const ENROLMENT: Definition = {
  title: 'Iscrizione alla mensa scolastica',
  intro:
    'Serve per iscrivere un figlio alla mensa o per rinnovare l’iscrizione. Ci vogliono circa cinque minuti: puoi fermarti quando vuoi, la bozza resta salvata.',
  once: 'pupil',
  schoolIds: [],
  classIds: [],
  steps: [
    {
      id: 'figlio',
      title: 'Chi iscrivi',
      intro: '',
      when: null,
      fields: [
        pupil({ allowNew: true }),
        ask('nome', 'short', 'Nome', { ...ofNew, role: 'givenName' }),
        ask('cognome', 'short', 'Cognome', { ...ofNew, role: 'familyName' }),
        ask('nascita', 'day', 'Data di nascita', { ...ofNew, role: 'birthDay' }),
        ask('codice-fiscale', 'fiscalCode', 'Codice fiscale', {
          ...ofNew,
          role: 'fiscalCode',
          hint: 'È sulla tessera sanitaria del bambino.',
        }),
      ],
    },
    {
      id: 'scuola',
      title: 'La scuola',
      intro: 'La scuola che tuo figlio frequenterà nell’anno dell’iscrizione.',
      when: null,
      fields: [
        ask('scuola', 'school', 'Scuola', { role: 'school' }),
        ask('classe', 'short', 'Classe o sezione', { hint: 'Se la conosci già.', required: false }),
        ask('dieta', 'yesNo', 'Serve una dieta speciale?', {
          hint: 'Se sì, manda anche il modulo “Richiesta di dieta speciale”: finché l’ufficio non decide, la dieta resta “da definire”.',
          role: 'specialDiet',
        }),
        ask('note', 'long', 'Vuoi dirci altro?', { required: false }),
      ],
    },
    contacts,
    { id: 'dichiarazioni', title: 'Dichiarazioni', intro: '', when: null, fields: [truth('vero'), privacy] },
  ],
}

const DIET: Definition = {
  title: 'Richiesta di dieta speciale',
  intro:
    'Per motivi di salute serve il certificato del medico. Per motivi etici o religiosi basta la tua richiesta. I documenti li vedono solo le persone dell’ufficio mensa che se ne occupano.',
  once: 'pupil-open',
  schoolIds: [],
  classIds: [],
  steps: [
    {
      id: 'figlio',
      title: 'Per chi è la dieta',
      intro: '',
      when: null,
      fields: [
        pupil(),
        ask('motivo', 'choice', 'Perché serve una dieta?', {
          options: choices(['salute', 'Per motivi di salute'], ['etica', 'Per motivi etici o religiosi']),
        }),
        ask('dal', 'day', 'Da quale giorno?', {
          role: 'from',
          required: false,
          hint: 'Se non scrivi niente, dal primo giorno possibile.',
        }),
      ],
    },
    {
      id: 'salute',
      title: 'Il certificato',
      intro: 'Il certificato dice che cosa tuo figlio non può mangiare e fino a quando.',
      when: { field: 'motivo', is: 'salute' },
      fields: [
        ask('certificato', 'file', 'Certificato del medico', {
          hint: 'Una scansione o una foto in cui si legga tutto.',
          types: ['pdf', 'jpg', 'png'],
        }),
        ask('allergie', 'long', 'Che cosa non può mangiare?', { hint: 'Come è scritto nel certificato.' }),
        ask('grave', 'yesNo', 'Rischia una reazione grave?', { role: 'severeReaction' }),
        ask('al', 'day', 'Fino a quale giorno vale il certificato?', {
          role: 'until',
          required: false,
          hint: 'Se non ha una scadenza, lascia vuoto.',
        }),
      ],
    },
    {
      id: 'scelta',
      title: 'La dieta',
      intro: '',
      when: { field: 'motivo', is: 'etica' },
      fields: [
        ask('quale', 'choice', 'Quale dieta?', {
          options: choices(
            ['senza-maiale', 'Senza carne di maiale'],
            ['senza-carne', 'Senza carne'],
            ['vegetariana', 'Vegetariana, senza carne né pesce'],
            ['altra', 'Un’altra'],
          ),
        }),
        ask('descrizione', 'long', 'Descrivila', { when: { field: 'quale', is: 'altra' } }),
      ],
    },
    { id: 'dichiarazioni', title: 'Dichiarazioni', intro: '', when: null, fields: [truth('vero'), privacy] },
  ],
}

const FARE: Definition = {
  title: 'Riduzione della tariffa',
  intro:
    'Le famiglie con ISEE basso pagano meno ogni pasto. Serve l’attestazione ISEE in corso di validità. La vedono solo le persone dell’ufficio mensa che se ne occupano.',
  once: 'pupil-open',
  schoolIds: [],
  classIds: [],
  steps: [
    {
      id: 'isee',
      title: 'L’ISEE',
      intro: 'La riduzione vale dal giorno deciso dall’ufficio fino alla fine dell’anno scolastico.',
      when: null,
      fields: [
        pupil(),
        ask('valore', 'number', 'Valore dell’ISEE, in euro', { least: 0, most: 999_999 }),
        ask('scadenza', 'day', 'Scadenza dell’attestazione'),
        ask('attestazione', 'file', 'Attestazione ISEE', { types: ['pdf', 'jpg', 'png', 'p7m'] }),
      ],
    },
    { id: 'dichiarazioni', title: 'Dichiarazioni', intro: '', when: null, fields: [truth('vero'), privacy] },
  ],
}

const WITHDRAWAL: Definition = {
  title: 'Rinuncia alla mensa',
  intro:
    'Da usare quando tuo figlio non mangerà più a mensa. Per un’assenza di qualche giorno basta la disdetta, nel calendario.',
  once: 'pupil-open',
  schoolIds: [],
  classIds: [],
  steps: [
    {
      id: 'rinuncia',
      title: 'La rinuncia',
      intro: '',
      when: null,
      fields: [
        pupil(),
        ask('ultimo-giorno', 'day', 'Ultimo giorno di mensa', { role: 'from' }),
        ask('motivo', 'choice', 'Perché?', {
          required: false,
          options: choices(
            ['trasferimento', 'Cambiamo scuola o Comune'],
            ['casa', 'Mangerà a casa'],
            ['altro', 'Un altro motivo'],
          ),
        }),
        ask('conferma', 'declaration', 'Ho capito che da quel giorno mio figlio non avrà più il pasto'),
      ],
    },
  ],
}

const OTHER: Definition = {
  title: '',
  intro: '',
  once: 'household',
  schoolIds: [],
  classIds: [],
  steps: [{ id: 'passo-1', title: 'La richiesta', intro: '', when: null, fields: [] }],
}

export const TEMPLATES: Record<FormKind, Template> = {
  enrolment: {
    name: 'Iscrizione o rinnovo',
    explains: 'Anche per figli nuovi. Accogliere la domanda crea l’iscrizione.',
    definition: ENROLMENT,
  },
  diet: {
    name: 'Richiesta di dieta',
    explains:
      'Con certificato per la salute, senza per motivi etici o religiosi. Accoglierla cambia la dieta.',
    definition: DIET,
  },
  fare: {
    name: 'Riduzione della tariffa (ISEE)',
    explains: 'Con attestazione ISEE. Accoglierla assegna una fascia di prezzo.',
    definition: FARE,
  },
  withdrawal: {
    name: 'Rinuncia al servizio',
    explains: 'Accoglierla chiude l’iscrizione dopo l’ultimo giorno.',
    definition: WITHDRAWAL,
  },
  other: { name: 'Modulo vuoto', explains: 'Per qualsiasi altra richiesta o bando.', definition: OTHER },
}
