import { notFound } from 'next/navigation'

/** Any address of a municipality that leads nowhere keeps the municipality's header and telephone numbers. */
export default function Elsewhere(): never {
  notFound()
}
