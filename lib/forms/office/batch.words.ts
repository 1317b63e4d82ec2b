import type { BatchKind, BatchState, ItemOutcome } from './batch.ts'

export const BATCH_STATES: Record<BatchState, string> = {
  preparing: 'Anteprima in preparazione',
  ready: 'Da confermare',
  running: 'In corso',
  done: 'Finito',
  cancelled: 'Annullato',
}

export const BATCH_KINDS: Record<BatchKind, { title: string; confirm: string }> = {
  accept: { title: 'Accogliere insieme', confirm: 'Conferma e accogli quelle pronte' },
  ask: { title: 'Chiedere quello che manca', confirm: 'Conferma e manda i messaggi' },
}

export const OUTCOMES_IN_WORDS: Record<ItemOutcome, string> = {
  waiting: 'Da preparare',
  ready: 'Pronte, non serve altro',
  doubtful: 'Messe da parte',
  done: 'Fatte',
  refused: 'Non fatte',
  left: 'Lasciate come erano',
}
