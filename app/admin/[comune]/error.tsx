'use client'

import { FailureWords, Trouble, TryAgain } from '#components/public/trouble.tsx'

/** Inside the office's pages: header and navigation stay. */
export default function Failure({ error }: { error: Error & { digest?: string } }) {
  return (
    <Trouble
      icon="triangle-alert"
      title="Qualcosa non ha funzionato"
      code={error.digest}
      actions={<TryAgain />}
    >
      <FailureWords />
    </Trouble>
  )
}
