Console.WriteLine("symeft");
