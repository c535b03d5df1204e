return SymbolicEft.Cli.Commands.CommandLine.Run(args, Console.Out, Console.Error);
