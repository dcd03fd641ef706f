// @segment/analytics-node says one of everything; prints what it reports.
const { Analytics } = require("@segment/analytics-node");

const given = JSON.parse(process.argv[2]);
const { person: userId, visitor: anonymousId } = given;
const errors = [];
const reported = [];
const client = new Analytics({ writeKey: given.key, host: given.url, flushInterval: 200, maxRetries: 5 });
client.on("error", (error) => errors.push(String(error.reason ?? error.code ?? error)));
const told = (name) => (error) => (error ? errors.push(`${name}: ${error}`) : reported.push(name));
client.identify({ userId, anonymousId, traits: { plan: "gold", email: "a@shop.example" } }, told("identify"));
client.track({ userId, event: "Order Completed", properties: { revenue: 12.5, currency: "EUR" } }, told("track"));
client.page({ userId, category: "Docs", name: "Home", properties: { url: "http://shop.example/home" } }, told("page"));
client.screen({ userId, category: "Docs", name: "Start" }, told("screen"));
client.group({ userId, groupId: "g1", traits: { name: "ACME" } }, told("group"));
client.alias({ userId, previousId: anonymousId }, told("alias"));
client.closeAndFlush({ timeout: 30_000 }).then(() => {
  console.log(JSON.stringify({ errors, reported: reported.sort() }));
});
