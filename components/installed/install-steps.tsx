import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { fill } from '#lib/words/fill.ts'
import { useWords } from '#words'

/** A phone's outline with one thing to notice on it: our own drawing, and the words beside it say the same. */
function Phone({ children }: { children: ReactNode }) {
  return (
    <svg viewBox="0 0 120 160" aria-hidden="true" className="h-40 w-auto shrink-0 text-primary">
      <rect x="4" y="4" width="112" height="152" rx="12" fill="#fff" stroke="currentColor" strokeWidth="3" />
      <rect x="14" y="18" width="92" height="14" rx="3" fill="#e6ecf2" />
      <rect x="14" y="40" width="60" height="8" rx="2" fill="#e6ecf2" />
      <rect x="14" y="54" width="80" height="8" rx="2" fill="#e6ecf2" />
      {children}
    </svg>
  )
}

const Share = () => (
  <Phone>
    <rect x="5" y="128" width="110" height="27" fill="#f5f5f5" />
    <circle cx="60" cy="141" r="13" fill="none" stroke="#c2185b" strokeWidth="2.5" />
    <path
      d="M60 146v-11m-4 3.5 4-4 4 4M54.5 140v8h11v-8"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </Phone>
)

const AddToHome = () => (
  <Phone>
    <rect x="5" y="76" width="110" height="79" rx="8" fill="#f5f5f5" />
    <rect x="14" y="86" width="92" height="14" rx="3" fill="#fff" />
    <rect x="14" y="104" width="92" height="18" rx="3" fill="#fff" stroke="#c2185b" strokeWidth="2.5" />
    <rect x="20" y="110" width="50" height="6" rx="2" fill="#5b6f82" />
    <path d="M93 108.5v9m-4.5-4.5h9" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    <rect x="14" y="126" width="92" height="14" rx="3" fill="#fff" />
  </Phone>
)

const OnHome = () => (
  <Phone>
    {[0, 1, 2].map((column) => (
      <rect key={column} x={18 + column * 31} y="76" width="22" height="22" rx="5" fill="#e6ecf2" />
    ))}
    <rect x="49" y="108" width="22" height="22" rx="5" fill="currentColor" />
    <path
      d="M56 113v4a2 2 0 0 0 4 0v-4m-2 0v12m7 0v-6h-2v-3c0-2 1-3 2-3z"
      fill="none"
      stroke="#fff"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <circle cx="60" cy="119" r="17" fill="none" stroke="#c2185b" strokeWidth="2.5" />
  </Phone>
)

function Step({ picture, children }: { picture: ReactNode; children: ReactNode }) {
  return (
    <li className="flex flex-col items-start gap-3 sm:flex-row sm:items-center sm:gap-6">
      {picture}
      <p className="text-lg">{children}</p>
    </li>
  )
}

/** How to add the portal to the phone's apps, in pictures and in words. */
export function InstallSteps() {
  const t = useWords()
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Card title={t('iPhone e iPad')} titleId="ios">
        <ol className="grid gap-8">
          <Step picture={<Share />}>
            {fill(t('Apri il portale con Safari e tocca {strong}, il quadrato con la freccia in su.'), {
              strong: <strong key="strong">{t('Condividi')}</strong>,
            })}
          </Step>
          <Step picture={<AddToHome />}>
            {fill(t('Scorri e tocca {strong}, poi {strong2}.'), {
              strong: <strong key="strong">{t('Aggiungi alla schermata Home')}</strong>,
              strong2: <strong key="strong2">{t('Aggiungi')}</strong>,
            })}
          </Step>
          <Step picture={<OnHome />}>
            {t('Trovi la mensa tra le app. La prima volta entra di nuovo con SPID o CIE.')}
          </Step>
        </ol>
      </Card>
      <div className="grid gap-6">
        <Card title={t('Android')} titleId="android">
          <ol className="grid list-decimal gap-3 ps-5">
            <li>{t('Apri il portale con Chrome e tocca i tre puntini in alto.')}</li>
            <li>
              {fill(t('Tocca {strong} oppure {strong2}.'), {
                strong: <strong key="strong">{t('Installa app')}</strong>,
                strong2: <strong key="strong2">{t('Aggiungi a schermata Home')}</strong>,
              })}
            </li>
            <li>{t('Conferma: la mensa è tra le app.')}</li>
          </ol>
        </Card>
        <Card title={t('Che cosa cambia')} titleId="cambia">
          <ul className="grid list-disc gap-2 ps-5">
            <li>{t('Si apre con un tocco, sulla pagina di oggi.')}</li>
            <li>{t('Senza rete leggi l’ultimo calendario e il saldo, con l’ora a cui risalgono.')}</li>
            <li>{t('Senza rete non si disdice: una disdetta vale solo quando la vedi confermata.')}</li>
            <li>{t('Quando esci, dal telefono si cancella tutto.')}</li>
          </ul>
        </Card>
      </div>
    </div>
  )
}
