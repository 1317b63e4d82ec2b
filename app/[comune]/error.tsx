'use client'

import { FailureWords, Trouble, TryAgain } from '#components/public/trouble.tsx'

/** Inside a Comune's pages: header, navigation and telephone numbers stay. */
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
