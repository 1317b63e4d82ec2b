import { notFound } from 'next/navigation'

/** Any address of a Comune that leads nowhere keeps the Comune's header and telephone numbers. */
export default function Elsewhere(): never {
  notFound()
}
