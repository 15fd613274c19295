import "./ax-exit.js";
import "./ax-settings.js";
import "./ax-draft.js";
import "./ax-copy.js";
import "./ax-print.js";
import "./ax-refresh.js";
import { forgetOnSignOut } from "./device-box.js";
import { focusErrors, whenReady } from "./page.js";

whenReady(focusErrors);
forgetOnSignOut();
