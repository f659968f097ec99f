// A call of the bench's provider over connections that stay, with Node's own client.
import { Agent, request } from 'node:http'

export function createSend(port) {
  const agent = new Agent({ keepAlive: true })
  return (message) =>
    new Promise((done, failed) => {
      const body = JSON.stringify(message)
      const headers = { 'content-type': 'application/json', 'content-length': body.length }
      const to = { agent, host: '127.0.0.1', port, path: '/sms', method: 'POST', headers }
      const call = request(to, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () => done(JSON.parse(text)))
      })
      call.on('error', failed)
      call.end(body)
    })
}
