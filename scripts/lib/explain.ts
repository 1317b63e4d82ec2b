/** A failure that a person can act on: the message is all they need, and is printed without a stack. */
export class Explained extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Explained'
  }
}

/** What the operating system and PostgreSQL call a failure, and what a person should do about it. */
const KNOWN: readonly [RegExp, string][] = [
  [
    /ENOSPC|No space left on device|53100/,
    'Il disco è pieno. Libera spazio (almeno 1 GB) e riprova: i dati già scritti sono salvi.',
  ],
  [
    /EDQUOT|Disk quota exceeded/,
    'La tua quota di disco è esaurita. Libera spazio (almeno 1 GB) e riprova: i dati già scritti sono salvi.',
  ],
  [
    /EROFS|Read-only file system/,
    'La cartella del progetto è in sola lettura. Copiala dove puoi scrivere e riprova.',
  ],
  [/EMFILE|ENFILE/, 'Troppi file aperti. Alza il limite (ulimit -n 4096) e riprova.'],
  [
    /ENOMEM|Cannot allocate memory|could not map anonymous shared memory/,
    'Non c’è abbastanza memoria: chiudi altri programmi e riprova.',
  ],
]

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  const inner = error instanceof AggregateError ? error.errors : error.cause ? [error.cause] : []
  return [code, error.message, ...inner.map(wordsOf)].join(' ')
}

/** The sentence for a failure, or null when it is not a known one (then the stack is worth more than words). */
export function explain(error: unknown): string | null {
  if (error instanceof Explained || (error instanceof Error && error.name === 'EnvironmentError'))
    return error.message
  const words = wordsOf(error)
  const known = KNOWN.find(([pattern]) => pattern.test(words))
  if (known) return known[1]
  if (/EACCES|EPERM/.test(words) && error instanceof Error && 'path' in error) {
    return `Non ho il permesso di usare ${String(error.path)}. Controlla di chi è quella cartella (ls -ld) e riprova.`
  }
  return null
}

/** The name of a database address without its password, fit for a terminal or a log. */
export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1:…@')
}

/** The sentence for a failure to reach the database at `url`; null when the failure is of another kind. */
export function explainDatabase(error: unknown, url: string): string | null {
  const words = wordsOf(error)
  const place = withoutPassword(url)
  if (/28P01|28000|password authentication failed|no pg_hba|SASL/.test(words))
    return `Il database ${place} rifiuta utente o password. Correggi DATABASE_URL (o DATABASE_WEB_URL).`
  if (/3D000/.test(words))
    return `Il database di ${place} non esiste. Crealo (createdb) o correggi DATABASE_URL.`
  if (/ENOTFOUND|EAI_AGAIN/.test(words))
    return `Il computer del database ${place} non si trova. Controlla il nome in DATABASE_URL.`
  if (/ECONNREFUSED|ENOENT|EHOSTUNREACH|ENETUNREACH/.test(words))
    return `Al database ${place} non risponde nessuno. Avvia PostgreSQL o correggi DATABASE_URL; senza DATABASE_URL il portale usa il suo.`
  if (/ETIMEDOUT|timeout|Connection terminated/i.test(words))
    return `Il database ${place} non risponde in tempo. Controlla rete e indirizzo in DATABASE_URL.`
  if (/corrupted migrations|a migration that this version does not have/.test(words))
    return `Il database ${place} è di un’altra versione del progetto. Se i suoi dati sono solo di prova: npm run db:reset`
  if (/42501/.test(words))
    return `Il ruolo di ${place} non ha i permessi che servono: DATABASE_URL deve essere del proprietario dello schema.`
  if (/ERR_INVALID_URL|Invalid URL/.test(words)) return `DATABASE_URL non è un indirizzo valido: ${place}`
  return null
}
