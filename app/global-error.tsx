'use client'

import './globals.css'
import { FailureDocument } from '#components/shell/failure-document.tsx'

/** The last net, when a layout itself failed: it brings its own document. */
export default function GlobalFailure({ error }: { error: { digest?: string } }) {
  return <FailureDocument error={error} />
}
