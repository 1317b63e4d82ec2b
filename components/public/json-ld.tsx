import { type Json, jsonForPage } from '#lib/school/json-ld.ts'

/** Facts for machines. React writes the text of a script as it is, so the serializer makes it harmless first. */
export function JsonLd({ data, nonce }: { data: Json; nonce: string }) {
  return (
    <script type="application/ld+json" nonce={nonce}>
      {jsonForPage(data)}
    </script>
  )
}
