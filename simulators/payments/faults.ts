/**
 * Everything that goes wrong with a payment provider, as switches per order.
 * The first value of each list is the ordinary behaviour.
 */
export const FAULTS = {
  /** What happens to `POST /orders/hpp`. */
  create: [
    'normal',
    'errorBeforeCommit',
    'errorAfterCommit',
    'timeoutAfterCommit',
    'badJsonAfterCommit',
    'unauthorized',
    'paidBeforeReply',
  ],
  /** How notifications leave. */
  notification: [
    'normal',
    'never',
    'late',
    'twice',
    'outOfOrder',
    'wrongToken',
    'noToken',
    'wrongAmount',
    'wrongOrder',
    'malformed',
  ],
  /** What `GET /orders/{id}` answers. */
  status: [
    'normal',
    'error',
    'timeout',
    'notFound',
    'wrongAmount',
    'wrongCurrency',
    'wrongOrder',
    'unknownResult',
    'stillPending',
  ],
  /** What becomes of the payment itself. */
  payment: ['normal', 'executedAfterCancel', 'declinedThenExecuted', 'paidTwice', 'authorizedOnly'],
  /** What happens to a refund. */
  refund: ['normal', 'refused', 'errorAfterCommit'],
} as const

export type Faults = {
  -readonly [K in keyof typeof FAULTS]: (typeof FAULTS)[K][number]
}

export const NO_FAULTS: Faults = {
  create: 'normal',
  notification: 'normal',
  status: 'normal',
  payment: 'normal',
  refund: 'normal',
}

/** Reads switches from an untrusted object; null when one has a name or value that does not exist. */
export function readFaults(value: unknown): Partial<Faults> | null {
  if (typeof value !== 'object' || value === null) return null
  const faults: Record<string, string> = {}
  for (const [name, chosen] of Object.entries(value)) {
    const known: readonly string[] | undefined = Object.hasOwn(FAULTS, name)
      ? FAULTS[name as keyof typeof FAULTS]
      : undefined
    if (!known?.includes(String(chosen))) return null
    faults[name] = String(chosen)
  }
  return faults as Partial<Faults>
}

/** The switches in Italian, for the panel on the hosted page. `create` is missing: that moment has passed there. */
export const FAULT_WORDS = {
  notification: {
    title: 'Notifica al portale',
    values: {
      normal: 'regolare',
      never: 'mai inviata',
      late: 'in ritardo di 30 secondi',
      twice: 'inviata due volte',
      outOfOrder: 'fuori ordine (prima l’esito, poi «in corso»)',
      wrongToken: 'con il token sbagliato',
      noToken: 'senza token',
      wrongAmount: 'con un altro importo',
      wrongOrder: 'con il numero di un altro ordine',
      malformed: 'illeggibile',
    },
  },
  status: {
    title: 'Risposta quando il portale chiede l’esito',
    values: {
      normal: 'regolare',
      error: 'errore 500',
      timeout: 'nessuna risposta',
      notFound: 'ordine sconosciuto',
      wrongAmount: 'un altro importo',
      wrongCurrency: 'un’altra valuta',
      wrongOrder: 'un altro ordine',
      unknownResult: 'un esito mai visto',
      stillPending: 'sempre «in corso»',
    },
  },
  payment: {
    title: 'Che cosa succede al pagamento',
    values: {
      normal: 'quello che scegli',
      executedAfterCancel: 'se annulli, riesce lo stesso dopo 10 secondi',
      declinedThenExecuted: 'prima rifiutato, poi riuscito',
      paidTwice: 'riesce due volte',
      authorizedOnly: 'autorizzato ma non incassato',
    },
  },
} as const satisfies {
  [K in 'notification' | 'status' | 'payment']: {
    title: string
    values: Record<Faults[K], string>
  }
}
