import { Notice } from '#components/ui/notice.tsx'

const WORDS: Readonly<Record<string, string>> = {
  salvato: 'Salvato',
  tolto: 'Piatto tolto dall’elenco',
  copiata: 'Settimana copiata',
  importato: 'Righe importate',
  pubblicato: 'Menù pubblicato: le famiglie lo vedono già',
  ritirato: 'Menù ritirato: le famiglie non lo vedono più',
  annunciato: 'Cambio annunciato: le famiglie lo vedono già nel menù',
  annullato: 'Cambio annullato: torna il piatto previsto',
}

/** What the form before this page did; nothing when there was none. */
export function Done({ what }: { what: string | string[] | undefined }) {
  const words = typeof what === 'string' && Object.hasOwn(WORDS, what) ? WORDS[what] : null
  if (!words) return null
  return (
    <div className="mb-6 print:hidden">
      <Notice kind="success" live title={words} />
    </div>
  )
}
