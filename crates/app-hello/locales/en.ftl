hello-title = Hello
hello-greeting = { $greeting }, { $name }!
hello-explanation = An administrator can change the greeting in the settings; it is in force at once.
hello-send = Send me a greeting
hello-sent = The greeting is in your inbox.
