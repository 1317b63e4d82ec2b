/** The least that Next can draw at each request. */
export const dynamic = 'force-dynamic'

export default function Page() {
  return <p>Vuota</p>
}
