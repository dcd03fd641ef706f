// @segment/analytics-next says one of everything in a page; what it reports is left in `window.report`.
import { AnalyticsBrowser } from "@segment/analytics-next";

const given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const batching = { strategy: "batching", config: { size: 10, timeout: 200 } };
const own = given.batched ? { integrations: { "Segment.io": { deliveryStrategy: batching } } } : {};
const client = AnalyticsBrowser.load({ writeKey: given.key, cdnURL: given.url }, own);
const errors = [];
client.on("delivery_failure", (context) => errors.push(JSON.stringify(context.failedDelivery() ?? context.event)));
(async () => {
  client.setAnonymousId(given.visitor);
  await client.identify(given.person, { plan: "gold", email: "a@shop.example" });
  await client.track("Order Completed", { revenue: 12.5, currency: "EUR" });
  await client.page("Docs", "Home", { url: "http://shop.example/home" });
  await client.screen("Docs", "Start");
  await client.group("g1", { name: "ACME" });
  await client.alias(given.person, given.visitor);
  window.report = { errors };
})();
