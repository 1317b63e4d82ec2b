import type { ReactNode } from 'react'
import { Icon, type IconName } from '#components/ui/icon.tsx'

/**
 * A page that could not be what was asked: what happened, what is safe, what to do.
 * @param code the reference to tell the office, when there is one
 */
export function Trouble({
  icon,
  title,
  children,
  actions,
  code,
}: {
  icon: IconName
  title: string
  children: ReactNode
  actions?: ReactNode
  code?: string | undefined
}) {
  return (
    <div className="container-page py-10 sm:py-16">
      <div className="max-w-2xl">
        <span className="flex size-16 items-center justify-center rounded-full bg-primary-light text-info">
          <Icon name={icon} size="xl" />
        </span>
        <h1 className="mt-5 text-3xl sm:text-4xl">{title}</h1>
        <div className="mt-3 grid gap-3 text-lg">{children}</div>
        {actions && <div className="mt-6 flex flex-wrap gap-3">{actions}</div>}
        {code && (
          <p className="mt-8 text-sm text-muted">
            Se ci scrivi, indica questo codice: <code className="font-semibold">{code}</code>
          </p>
        )}
      </div>
    </div>
  )
}

/** What every failure of ours says: nothing that was confirmed is lost. */
export function FailureWords() {
  return (
    <>
      <p>È un problema nostro, non tuo. Le assenze già confermate e i pagamenti già fatti non cambiano.</p>
      <p>
        Riprova fra qualche secondo. Se stavi disdicendo un pasto e l’ora del termine è vicina, chiama il
        gestore della mensa.
      </p>
    </>
  )
}

/** Loads this page again, from its address: works even when nothing else on the page does. */
export function TryAgain() {
  return (
    <a
      href="?"
      className="inline-flex min-h-12 items-center gap-2 rounded border-2 border-primary bg-primary px-5 font-semibold text-white no-underline hover:bg-primary-dark hover:text-white"
    >
      <Icon name="refresh-cw" /> Riprova
    </a>
  )
}
