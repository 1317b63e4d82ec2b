import { Notice } from '#components/ui/notice.tsx'

const WORDS: Readonly<Record<string, string>> = {
  prezzo: 'Prezzo deciso: le famiglie lo leggono già',
  annullato: 'Prezzo annullato: resta quello di prima',
  creata: 'Fascia creata',
  salvata: 'Fascia salvata',
  chiusa: 'Fascia chiusa: chi ce l’ha la tiene fino alla scadenza',
  riaperta: 'Fascia riaperta: si può dare di nuovo',
  data: 'Fascia data: la famiglia è avvisata',
  finita: 'Prezzo intero da quel giorno: la famiglia è avvisata',
}

/** What the form before this page did; nothing when there was none. */
export function TariffDone({ what }: { what: string | string[] | undefined }) {
  const words = typeof what === 'string' && Object.hasOwn(WORDS, what) ? WORDS[what] : null
  if (!words) return null
  return (
    <div className="mb-6 print:hidden">
      <Notice kind="success" live title={words} />
    </div>
  )
}
