export { handleDevice as POST } from '#lib/entry/device.http.ts'
