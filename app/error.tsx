'use client'

import { FailureWords, Trouble, TryAgain } from '#components/public/trouble.tsx'

export default function Failure({ error }: { error: Error & { digest?: string } }) {
  return (
    <main id="contenuto" tabIndex={-1}>
      <Trouble
        icon="triangle-alert"
        title="Qualcosa non ha funzionato"
        code={error.digest}
        actions={<TryAgain />}
      >
        <FailureWords />
      </Trouble>
    </main>
  )
}
