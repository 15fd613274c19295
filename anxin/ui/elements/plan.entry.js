import "./ax-plan.js";
