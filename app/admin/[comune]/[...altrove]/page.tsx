import { notFound } from 'next/navigation'

/** Any address of the office that leads nowhere keeps its header. */
export default function Elsewhere(): never {
  notFound()
}
