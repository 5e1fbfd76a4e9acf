/** A body that comes in parts of 100,000 letters, each made when it is asked for. */
export function inParts(
  text: string,
  onPart: (sent: number) => void = () => {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  const pull = (controller: ReadableStreamDefaultController) => {
    const part = new TextEncoder().encode(text.slice(at, at + 100_000))
    at += part.byteLength
    onPart(at)
    if (part.byteLength === 0) controller.close()
    else controller.enqueue(part)
  }
  return new ReadableStream({ pull }, { highWaterMark: 0 })
}
